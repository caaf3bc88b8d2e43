/** An address that may go on below, in front of a colon, rather than be cut. In: `192.0.2.10:443`, `[2001:db8::1]:443`. Out: text. */
import { Fragment } from 'preact'

export const Breakable = ({ address }: { address: string }) => (
  <>
    {address.split(/(?<!:)(?=:)/).map((part, n) => (
      <Fragment key={n}>
        {n > 0 && <wbr />}
        {part}
      </Fragment>
    ))}
  </>
)
