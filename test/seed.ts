/**
 * Generated cases are the same in every run, so that a failure is a change's and not chance's. To look further:
 * `SEED=$RANDOM npm test`.
 */
import fc from 'fast-check'

fc.configureGlobal({ seed: Number(process.env.SEED ?? 20261123) })
