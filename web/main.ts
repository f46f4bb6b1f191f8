import './style/base.css'
import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './shell/App.vue'
import { router } from './shell/router.ts'
import { i18n } from './text/index.ts'

createApp(App).use(createPinia()).use(i18n).use(router).mount('#app')
