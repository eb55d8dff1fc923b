package bench;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workloads that every peer can be given. */
final class Common {

    private final Inserts inserts;
    private final Drains drains;
    private final Latency latency;
    private final Steady steady;

    Common(Rig rig) {
        this.inserts = new Inserts(rig);
        this.drains = new Drains(rig);
        this.latency = new Latency(rig);
        this.steady = new Steady(rig);
    }

    /** Runs a workload; null when it is none of these. */
    @Nullable List<Result> run(String workload) throws Exception {
        return switch (workload) {
            case "W1" -> Rehearsal.before(inserts::alone);
            case "W2" -> Rehearsal.before(inserts::bulk);
            case "W3" -> Rehearsal.before(() -> List.of(drains.empty()));
            case "W4" -> Rehearsal.before(() -> List.of(latency.run()));
            case "W5" -> Rehearsal.before(() -> List.of(steady.singly()));
            case "W5B" -> Rehearsal.before(() -> List.of(steady.inBatches()));
            case "W6" -> List.of(drains.beside("completed"), drains.beside("scheduled"));
            case "W6C" -> List.of(drains.beside("completed"));
            case "W6S" -> List.of(drains.beside("scheduled"));
            case "W9" -> List.of(drains.besideOpenTransaction());
            case "W13" -> List.of(drains.besideMany());
            default -> null;
        };
    }
}
