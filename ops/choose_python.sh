#!/bin/sh
# Print which of the given Pythons is to run the program: the first of 3.11 or later with pip that was built with
# optimisations (profile-guided, as distributions build theirs and pyenv by itself does not), or else the first. Without
# them all work takes up to a third more of the processor: docs/performance.md.
chosen=
for name; do
	built=$("$name" -c '
import importlib.util, sys, sysconfig

if sys.version_info >= (3, 11) and all(map(importlib.util.find_spec, ("pip", "venv"))):
    configured = sysconfig.get_config_var("CONFIG_ARGS") or ""
    print("optimised" if sys.base_prefix == "/usr" or "--enable-optimizations" in configured else "plain")
' 2>/dev/null)
	case $built in
	optimised) chosen=$name && break ;;
	plain) chosen=${chosen:-$name} ;;
	esac
done
echo "$chosen"
