package bench;

import org.jspecify.annotations.Nullable;

/** Fills the table with copies of one real job that nobody is going to run. */
final class Ballast {

    private static final int AT_ONCE = 1_000_000;

    private final Rig rig;

    Ballast(Rig rig) {
        this.rig = rig;
    }

    /** Returns false when the peer keeps no such rows. */
    boolean add(String state, int rows) throws Exception {
        Peer peer = rig.peer();
        if (peer.copies(state, 1, 1) == null) {
            return false;
        }
        peer.insert(-1);
        if (state.equals("completed")) {
            peer.start();
            rig.awaitDone(1, Rig.cap());
            peer.stop();
        }
        for (int from = 1; from <= rows; from += AT_ONCE) {
            copy(peer.copies(state, from, Math.min(rows, from + AT_ONCE - 1)));
        }
        rig.database().run("DELETE FROM " + peer.unfinished(), "VACUUM ANALYZE", "CHECKPOINT");
        return true;
    }

    private void copy(@Nullable String sql) throws Exception {
        if (sql != null) {
            rig.database().run(sql, "CHECKPOINT");
        }
    }
}
