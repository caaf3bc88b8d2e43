/** Sizes and places on the screen, as hooks. In: an element. Out: its width; the part of it that can be seen. */
import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useState } from 'preact/hooks'

export const useWidth = (ref: RefObject<Element | null>, first: number): number => {
  const [width, setWidth] = useState(first)
  // Before it is painted: an effect comes after, and a frame of the first width would be seen.
  useLayoutEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new ResizeObserver(([entry]) => {
      const now = Math.round(entry?.contentRect.width ?? 0)
      if (now > 0) setWidth(now)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return width
}

/** The element is taller than the window. */
export const useOutgrows = (ref: RefObject<Element | null>): boolean => {
  const [outgrows, setOutgrows] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const look = (): void => setOutgrows(element.getBoundingClientRect().height > innerHeight)
    const observer = new ResizeObserver(look)
    observer.observe(element)
    addEventListener('resize', look)
    return () => {
      observer.disconnect()
      removeEventListener('resize', look)
    }
  }, [ref])
  return outgrows
}

export interface Extent {
  readonly top: number
  readonly bottom: number
}

/** Drawn above and below what is seen, so that a quick scroll finds no hole. */
const MARGIN = 600
/** The part changes in such steps, so that not every pixel of a scroll draws again. */
const STEP = 200

/** The part of the element inside the window, in its own pixels. */
export const useVisible = (ref: RefObject<Element | null>): Extent => {
  const [extent, setExtent] = useState<Extent>({ top: 0, bottom: 2000 })
  useEffect(() => {
    let asked = 0
    const look = (): void => {
      asked = 0
      const box = ref.current?.getBoundingClientRect()
      if (box === undefined) return
      const top = Math.floor((-box.top - MARGIN) / STEP) * STEP
      const bottom = Math.ceil((innerHeight - box.top + MARGIN) / STEP) * STEP
      setExtent((before) => (before.top === top && before.bottom === bottom ? before : { top, bottom }))
    }
    const ask = (): void => {
      if (asked === 0) asked = requestAnimationFrame(look)
    }
    look()
    addEventListener('scroll', ask, { passive: true })
    addEventListener('resize', ask)
    const observer = new ResizeObserver(ask)
    observer.observe(document.body)
    return () => {
      removeEventListener('scroll', ask)
      removeEventListener('resize', ask)
      observer.disconnect()
      if (asked !== 0) cancelAnimationFrame(asked)
    }
  }, [ref])
  return extent
}
