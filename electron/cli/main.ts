#!/usr/bin/env node
/** The `buletin` command's entry point. */
import { useCompileCache } from '../client/compile-cache.ts';

// Before anything else is loaded: this is why the command itself stands in a file of its own.
useCompileCache();
const { main } = await import('./run.ts');
process.exitCode = await main(process.argv.slice(2));
