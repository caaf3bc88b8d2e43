/** Any bytes as a capture: readers, decompressors, decoders, and all that follows. */
import { holds } from './promises.mjs'

export const fuzz = (data) => holds(data, data.length > 40 ? data[17] : 0)
