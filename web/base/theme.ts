import { createSharedComposable, useColorMode } from '@vueuse/core'

/** Light, dark, or as the device has it, as this browser keeps it; the session brings along what goes with the account. */
export const useTheme = createSharedComposable(() =>
  useColorMode({
    attribute: 'data-theme',
    storageKey: 'instroom-theme',
    emitAuto: true,
    disableTransition: false,
  }),
)
