/** English: findings by id, and their causes. */
import type { Language } from '../table.js'

export const findings: Language['findings'] = {}

export const findingElse: Language['findingElse'] = (id) => `${id.replaceAll('-', ' ')}.`

export const causes: Language['causes'] = {}
