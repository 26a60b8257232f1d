/* A QR code drawn here as one SVG path; the encoder loads when the first one is shown. */
import { useEffect, useState } from 'preact/hooks';

const QUIET = 4; /* modules of white around, as ISO/IEC 18004 asks */

/* One path of unit squares, runs of a row joined. */
export function pathOf(modules: readonly (readonly boolean[])[]): string {
  const runs: string[] = [];
  modules.forEach((row, y) => {
    let x = 0;
    while (x < row.length) {
      const from = x;
      while (row[x]) {
        x += 1;
      }
      if (x > from) {
        runs.push(`M${from} ${y}h${x - from}v1h-${x - from}z`);
      }
      x += 1;
    }
  });
  return runs.join('');
}

export function Qr({ text, label }: { text: string; label: string }) {
  const [modules, setModules] = useState<boolean[][] | null>(null);
  useEffect(() => {
    let current = true;
    void import('qr').then(({ encodeQR }) => {
      if (current) {
        setModules(encodeQR(text, 'raw', { ecc: 'medium', border: QUIET }));
      }
    });
    return () => {
      current = false;
    };
  }, [text]);
  const size = modules?.length ?? 33;
  return (
    <svg class="qr" role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges">
      <rect width={size} height={size} fill="#fff" />
      {modules && <path d={pathOf(modules)} fill="#000" />}
    </svg>
  );
}
