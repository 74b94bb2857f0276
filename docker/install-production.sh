#!/bin/sh
# install-production.sh PACKAGE: what PACKAGE and the workspace packages under it need to run, as the lock file says.
set -eu
pnpm install --frozen-lockfile --ignore-scripts --prod --filter "@order-stream/$1..."
# Typings, source maps and handbooks are two fifths of the bytes, and nothing at run time reads them.
find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.md' \) -delete
