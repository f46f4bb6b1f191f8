/** As the contract asks (NewPassword). */
export const MIN_PASSWORD = 15

/** In characters as people count them. */
export const lengthOfPassword = (password: string) => [...password].length
