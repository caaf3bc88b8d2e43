/** 中文：诊断结论。Chinese: findings by id, and their causes. */
import type { Language } from '../table.js'

export const findings: Language['findings'] = {}

export const findingElse: Language['findingElse'] = (id) => `${id.replaceAll('-', ' ')}。`

export const causes: Language['causes'] = {}
