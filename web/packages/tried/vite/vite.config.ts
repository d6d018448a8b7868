import { svelte } from '@sveltejs/vite-plugin-svelte';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [vue({ template: { compilerOptions: { isCustomElement: (tag) => tag === 'rrweb-store-player' } } }), svelte()],
  build: { rolldownOptions: { input: ['react/index.html', 'vue/index.html', 'svelte/index.html'] } },
});
