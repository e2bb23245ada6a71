import assert from "node:assert/strict";
import { refuseSudden } from "../../components/workload/owners";

describe("Letting go of a namespace's workloads", () => {
  const workloads = { "parcels/api": "Deployment 1" };

  it("is refused where the last whole deployment made them and did not mark them to stay", () => {
    const sudden = /parcels: the last whole deployment made the workloads/;
    assert.throws(() => refuseSudden(["parcels"], { owners: { parcels: "deploy" } }), sudden);
    assert.throws(() => refuseSudden(["parcels"], { workloads }), sudden);
  });

  it("is allowed after a hand-over, again and again, and where nothing ever ran", () => {
    for (const mode of ["hand-over", "gitops"]) {
      assert.doesNotThrow(() =>
        refuseSudden(["parcels"], { owners: { parcels: mode }, workloads }),
      );
    }
    assert.doesNotThrow(() => refuseSudden(["parcels"], {}));
    assert.doesNotThrow(() =>
      refuseSudden(["later"], { owners: { parcels: "deploy" }, workloads }),
    );
    assert.doesNotThrow(() => refuseSudden([], { owners: { parcels: "deploy" } }));
  });
});
