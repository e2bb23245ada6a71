import assert from "node:assert/strict";
import { type AskHarbor, HarborClient, untilHealthy } from "../../cli/step/harbor/client";

const answers =
  (status: number, body = ""): AskHarbor =>
  async () => ({ status, body });
const silent: AskHarbor = async () => {
  throw new Error("no answer in 60 s");
};
const harbor = (message: string) => JSON.stringify({ errors: [{ code: "X", message }] });
const nothing = () => undefined;

describe("A Harbor that does not do what it is asked", () => {
  const refusals: readonly (readonly [string, AskHarbor, RegExp])[] = [
    [
      "a wrong password",
      answers(401, harbor("unauthorized")),
      /status 401: unauthorized\n {2}next: check the registry's password/,
    ],
    [
      "taken rights",
      answers(403, harbor("forbidden")),
      /status 403: forbidden\n {2}next: check that nobody took/,
    ],
    [
      "a conflict",
      answers(409, harbor("it exists")),
      /status 409: it exists\n {2}next: run the same command again/,
    ],
    [
      "something in use",
      answers(412, harbor("in use")),
      /status 412: in use\n {2}next: see in Harbor's pages/,
    ],
    [
      "a wrong value",
      answers(400, harbor("bad cron")),
      /status 400: bad cron\n {2}next: correct the value/,
    ],
    [
      "a fault of its own",
      answers(500, harbor("internal")),
      /status 500: internal\n {2}next: look at docker ps/,
    ],
    [
      "a proxy without Harbor behind it",
      answers(502, "<html>Bad Gateway</html>"),
      /status 502: <html>Bad Gateway<\/html>\n {2}next: look at docker ps/,
    ],
    [
      "silence",
      silent,
      /gives no answer to GET \/api\/v2\.0\/x.*: no answer in 60 s\n {2}next: look at docker ps/,
    ],
    [
      "what is no JSON",
      answers(200, "<html>Welcome</html>"),
      /does not tell: it answers "<html>Welcome<\/html>"\n {2}next: see whether something else/,
    ],
    ["an object for a list", answers(200, "{}"), /does not tell: it answers "\{\}"/],
  ];
  for (const [what, ask, expected] of refusals) {
    it(`is an error that says what to do next: ${what}`, async () => {
      await assert.rejects(new HarborClient(ask, "p").list("tell", "/x"), expected);
    });
  }

  it("is an error that never shows the password", async () => {
    const error = await new HarborClient(answers(401), "hunter-2").get("tell", "/x").catch(String);
    assert.ok(!String(error).includes("hunter-2"));
  });

  it("takes nothing, and null, for an empty list", async () => {
    for (const body of ["", "null"]) {
      assert.deepEqual(await new HarborClient(answers(200, body), "p").list("tell", "/x"), []);
    }
  });

  it("is not asked for pages for ever", async () => {
    const page = JSON.stringify(Array(100).fill({}));
    await assert.rejects(
      new HarborClient(answers(200, page), "p").list("tell", "/x"),
      /more than 1000 pages/,
    );
  });
});

describe("Waiting for Harbor", () => {
  const health = (...ill: string[]) =>
    JSON.stringify({
      status: ill.length > 0 ? "unhealthy" : "healthy",
      components: ["core", "database"].map((name) => ({
        name,
        status: ill.includes(name) ? "unhealthy" : "healthy",
      })),
    });

  it("ends as soon as it is healthy", async () => {
    const turns = [answers(502), silent, answers(200, health("core")), answers(200, health())];
    const said: string[] = [];
    const ask: AskHarbor = (...asked) => (turns.shift() ?? silent)(...asked);
    await untilHealthy(ask, (line) => said.push(line), 0.5);
    assert.deepEqual(said, ["waiting for Harbor: status 502"]);
  });

  for (const [what, ask, expected] of [
    [
      "the parts that are ill",
      answers(200, health("database")),
      /not healthy after 0\.1 s: database unhealthy/,
    ],
    ["silence", silent, /not healthy after 0\.1 s: no answer in 60 s/],
    ["a registry that is no Harbor", answers(404), /it is no Harbor/],
  ] as const) {
    it(`ends with an error that names ${what}`, async () => {
      await assert.rejects(untilHealthy(ask, nothing, 0.1), expected);
    });
  }
});
