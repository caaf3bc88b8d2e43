/**
 * 3.10.7.4 step 3: "Third, check security"; also 3.10.7.2 third and 3.10.7.3 third.
 *
 * The table is empty: the machine's segments carry no security level or compartment (appendix A.1: options that hosts
 * outside closed military networks do not use), so every segment matches its TCB and the step never does anything.
 */
import type { SegmentEvent } from '../event.js'
import type { Rule } from '../row.js'

export const SECURITY = [] as const satisfies readonly Rule<SegmentEvent>[]
