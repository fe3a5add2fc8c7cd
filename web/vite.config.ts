import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// Cornerstone gives the text beside a measurement its style as an attribute, which the page's policy does not
// allow; the same through the style object it does.
const styleByScript = {
  name: 'style-by-script',
  transform(code: string, id: string): string | undefined {
    if (!id.endsWith('drawingSvg/drawTextBox.js')) return undefined;
    const changed = code.replace("setAttribute('style', combinedStyle)", 'style.cssText = combinedStyle');
    if (changed === code)
      throw new Error('Cornerstone draws text in another way: look whether this is still needed');
    return changed;
  },
};

export default defineConfig({
  plugins: [react(), styleByScript],
  resolve: {
    // A library of the viewer (xmlbuilder2, through vtk.js) asks for two modules of node; without these
    // the bundler leaves them out with no more than a warning, and the page fails when it is opened.
    alias: {
      events: fileURLToPath(new URL('node_modules/events/events.js', import.meta.url)),
      url: fileURLToPath(new URL('node_modules/url/url.js', import.meta.url)),
    },
  },
  worker: { format: 'es' },
  build: {
    outDir: 'build/page',
    emptyOutDir: true,
    target: 'es2022',
    // Everything is a file of its own under a name with a hash: the policy allows no data: addresses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 6000,
  },
  test: { environment: 'happy-dom', include: ['src/**/*.test.{ts,tsx}'] },
});
