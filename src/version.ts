/** The version in package.json; a test holds the two together, so that nothing is read from disk at start-up. */
export const VERSION = '0.1.0'
