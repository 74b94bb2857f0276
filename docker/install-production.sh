#!/bin/sh
# install-production.sh PACKAGE: installs the production dependencies of PACKAGE and its workspace packages, as locked.
set -eu
pnpm install --frozen-lockfile --ignore-scripts --prod --filter "@order-stream/$1..."
# Type declarations, source maps and documentation are two fifths of the bytes, and are not used at run time.
find node_modules -type f \( -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.map' -o -name '*.md' \) -delete
