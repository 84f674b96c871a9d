/**
 * Loaded by --import into a server that profilers of others watch: each script is called `x.ts?.js`. 0x 6.0.0 (visualizer/cmp/graph.js,
 * v8cats) and clinic 13.0.0 (@clinic/flame/analysis/frame-node.js, getCoreOrV8Type; @clinic/heap-profiler/src/analysis/index.js) know
 * application code by the ending `.js` and take all other for V8's own, which they hide: of a TypeScript program nothing would be seen.
 */
import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, nextResolve) {
    const resolved = nextResolve(specifier, context);
    return resolved.url.endsWith('.ts') ? { ...resolved, url: `${resolved.url}?.js` } : resolved;
  },
});
