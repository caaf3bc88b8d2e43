/**
 * Links such as `#flow=3&packet=12`, of several captures `#flow=3&packet=12&capture=1`.
 *
 * In: the address bar. Out: which flow is open, and the packet that was asked for.
 */
import { signal } from '@preact/signals'
import { flowByNumber, report } from './store.js'

export interface Route {
  /** Null: the overview. */
  readonly flow: number | null
  readonly packet: number | null
  /** In which capture that number counts. */
  readonly capture: number
}

const numberOf = (parameters: URLSearchParams, name: string): number | null => {
  const text = parameters.get(name)
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null
}

const read = (): Route => {
  const parameters = new URLSearchParams(location.hash.slice(1))
  const flow = numberOf(parameters, 'flow')
  if (flow !== null && flowByNumber.has(flow))
    return { flow, packet: numberOf(parameters, 'packet'), capture: numberOf(parameters, 'capture') ?? 0 }
  // A capture of one connection is about that connection.
  const only = report.flows.length === 1 && !parameters.has('overview') ? report.flows[0] : undefined
  return { flow: only?.flow ?? null, packet: null, capture: 0 }
}

export const route = signal<Route>(read())
addEventListener('hashchange', () => {
  // The skip link leads to a place on the page, not to another one.
  if (location.hash !== '#main') route.value = read()
})

/** The first capture goes without saying. */
export const linkTo = (flow: number, packet?: number | null, capture = 0): string => {
  if (packet === undefined || packet === null) return `#flow=${flow}`
  return `#flow=${flow}&packet=${packet}${capture === 0 ? '' : `&capture=${capture}`}`
}
export const OVERVIEW = '#overview'

/** The address follows the replay without a new entry in the history for every step. */
export const remember = (flow: number, packet: number | null, capture: number): void => {
  const link = linkTo(flow, packet, capture)
  // A page opened from a disk may be forbidden to touch its address; the replay goes on without.
  try {
    if (location.hash !== link) history.replaceState(null, '', link)
  } catch {}
}
