"""Compiles the built pages into C: resources.py DIST OUT.c OUT.d. Lists what Vite wrote (names carry
hashes, so the list is made at every build) and hands it to glib-compile-resources."""
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

dist, out, dependencies = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
names = sorted(p.relative_to(dist).as_posix() for p in dist.rglob("*") if p.is_file())
if "index.html" not in names:
    sys.exit(f"{dist} has no index.html: build the web first (./dev build does)")
rows = "".join(f"    <file>{escape(name)}</file>\n" for name in names)
with tempfile.NamedTemporaryFile("w", suffix=".xml") as listing:
    listing.write('<?xml version="1.0" encoding="UTF-8"?>\n<gresources>\n'
                  f'  <gresource prefix="/cronotopo/web">\n{rows}  </gresource>\n</gresources>\n')
    listing.flush()
    subprocess.run(["glib-compile-resources", "--generate-source", "--c-name", "web_assets",
                    "--sourcedir", str(dist), "--target", out, "--dependency-file", dependencies,
                    listing.name], check=True)
# The listing itself is gone by the next build: it is no dependency.
rule = Path(dependencies).read_text()
Path(dependencies).write_text(rule.replace(" " + listing.name, ""))
