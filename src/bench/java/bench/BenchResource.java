package bench;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.stream.Collectors;

/** Runs one workload for each request. */
@RequestScoped
@Path("/")
@Produces(MediaType.TEXT_PLAIN)
public class BenchResource {

    @Inject
    private Rig rig;

    @Inject
    private Inserts inserts;

    @Inject
    private Drains drains;

    @Inject
    private TwoServers twoServers;

    @Inject
    private Latency latency;

    @Inject
    private Steady steady;

    @Inject
    private Idle idle;

    /** Answers once the application runs. */
    @GET
    public String up() {
        return "up\n";
    }

    /**
     * Runs a workload.
     *
     * @param second process id of the second server, for the workload that has one
     * @return a line of JSON for each result
     */
    @POST
    @Path("/{workload}")
    public String run(@PathParam("workload") String workload, @QueryParam("second") @DefaultValue("0") long second)
            throws Exception {
        return results(workload, second).stream().map(result -> result + "\n").collect(Collectors.joining());
    }

    private List<Result> results(String workload, long second) throws Exception {
        return switch (workload) {
            case "CONFIG" -> List.of(rig.configuration());
            case "WARM" -> rig.warm();
            case "W1" -> inserts.alone();
            case "W1T" -> inserts.inTransaction();
            case "W2" -> List.of(inserts.bulk());
            case "W3" -> List.of(drains.empty());
            case "W4" -> List.of(latency.run());
            case "W5" -> List.of(steady.singly());
            case "W5B" -> List.of(steady.inBatches());
            case "W6" -> List.of(drains.beside("completed"), drains.beside("scheduled"));
            case "W6C" -> List.of(drains.beside("completed"));
            case "W6S" -> List.of(drains.beside("scheduled"));
            case "W7" -> List.of(drains.exactlyOnce());
            case "W8" -> List.of(twoServers.run(second));
            case "W9" -> List.of(drains.besideOpenTransaction());
            case "W10" -> List.of(drains.manyQueues());
            case "W11" -> List.of(idle.run());
            case "W12" -> inserts.unique();
            case "W13" -> List.of(drains.besideMany());
            default -> throw new NotFoundException("There is no workload " + workload);
        };
    }
}
