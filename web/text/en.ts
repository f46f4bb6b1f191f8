import { byRoom } from './rooms.ts'

/** English comes for who reads English only: it is as large as everything else that a first page needs. */
export const english = byRoom(import.meta.glob('./en/*.json', { eager: true, import: 'default' }))
