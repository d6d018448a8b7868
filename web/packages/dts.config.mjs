/** All types of one package in one file: nothing that it imports is published. */
import { fileURLToPath } from 'node:url';
import { dts } from 'rollup-plugin-dts';

const { NAME, OUT } = process.env;

export default {
  input: `../${NAME}/src/index.ts`,
  output: { file: OUT },
  onwarn: (warning) => {
    throw new Error(warning.message); // such as of an import that is left
  },
  plugins: [
    {
      name: 'workspaces',
      resolveId: (id) => (id === 'assets' ? fileURLToPath(new URL('../assets/src/index.ts', import.meta.url)) : undefined),
    },
    dts({ respectExternal: true, tsconfig: '../tsconfig.json' }),
  ],
};
