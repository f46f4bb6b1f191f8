/** Every urgency, most urgent first; how each is treated is in its entry there. */
export { URGENCIES } from '../../solver/problem/urgencies.ts'
