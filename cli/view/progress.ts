import { printable, type Screen } from "./colours";

/** Tells a person that work goes on and what it waits for. */
export interface Progress {
  /** One thing is done. On a terminal the line is rewritten, elsewhere each thing gets its line. */
  done(name: string): void;
  /** Takes the line away again. */
  end(): void;
}

/** Progress over things with a name that are worked on at the same time. */
export function progressOf(screen: Screen, what: string, names: readonly string[]): Progress {
  const waiting = new Set(names);
  const count = () => `${names.length - waiting.size}/${names.length}`;
  const draw = () => {
    if (screen.isTTY !== true) return;
    const line = printable(`${what} ${count()}  waiting for ${[...waiting].join(", ")}`);
    screen.write(`\r\u001b[K${line.slice(0, (screen.columns ?? 80) - 1)}`);
  };
  draw();
  return {
    done(name) {
      waiting.delete(name);
      if (screen.isTTY === true) draw();
      else screen.write(`${what} ${count()}  ${printable(name)}\n`);
    },
    end() {
      if (screen.isTTY === true) screen.write("\r\u001b[K");
    },
  };
}
