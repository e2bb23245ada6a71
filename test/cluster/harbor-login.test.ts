import assert from "node:assert/strict";
import { earlierPasswords, loggedIn } from "../../cli/step/harbor/login";
import { digestOf } from "../../rehearsal/kubekey/harbor/store";
import { TestHarbor } from "../support/harbor";

/** Longer than the stand-in of the tests stays shut. */
const LOCKED_MS = 80;

describe("Harbor's admin password", () => {
  let harbor: TestHarbor;
  before(async () => {
    harbor = new TestHarbor();
    await harbor.start();
  });
  after(() => harbor.stop());

  const logIn = async (has: string, wanted: string, previous?: string) => {
    harbor.store.data.admin = digestOf(has);
    await new Promise((resolve) => setTimeout(resolve, LOCKED_MS));
    const said: string[] = [];
    harbor.asked.length = 0;
    await loggedIn(
      harbor.ask,
      wanted,
      earlierPasswords(previous),
      (line) => said.push(line),
      LOCKED_MS,
    );
    assert.equal(harbor.store.data.admin, digestOf(wanted));
    return said;
  };

  it("is used as it is where Harbor has it", async () => {
    assert.deepEqual(await logIn("Wanted-12", "Wanted-12"), []);
    assert.deepEqual(harbor.asked, ["GET /api/v2.0/users/current"]);
  });

  it("is changed from Harbor's default", async () => {
    assert.deepEqual(await logIn("Harbor12345", "Wanted-12"), [
      "changed Harbor's admin password from its default",
    ]);
  });

  it("is changed from the one of the last deployment", async () => {
    assert.deepEqual(await logIn("Earlier-1", "Wanted-12", "Earlier-1"), [
      "changed Harbor's admin password",
    ]);
  });

  it("is a clear error where nobody knows the one that Harbor has", async () => {
    await assert.rejects(
      logIn("Lost-1234", "Wanted-12", "Earlier-1"),
      /refuses the password of admin, and no earlier one is known\n {2}next: put the password that Harbor has/,
    );
  });

  it("is refused with Harbor's words where it is too weak", async () => {
    await assert.rejects(logIn("Harbor12345", "weak"), /take the new password.*status 400.*8-128/);
  });
});
