package bench;

import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
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
    private KerreraInserts inserts;

    @Inject
    private KerreraDrains drains;

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
     * @param others process ids of the further servers, for a workload that has some
     * @return a line of JSON for each result
     */
    @POST
    @Path("/{workload}")
    public String run(@PathParam("workload") String workload, @QueryParam("other") List<Long> others) throws Exception {
        return results(workload, others).stream().map(result -> result + "\n").collect(Collectors.joining());
    }

    private List<Result> results(String workload, List<Long> others) throws Exception {
        List<Result> common = new Common(rig).run(workload);
        return common != null ? common : ofKerreraAlone(workload, others);
    }

    private List<Result> ofKerreraAlone(String workload, List<Long> others) throws Exception {
        return switch (workload) {
            case "CONFIG" -> List.of(rig.configuration());
            case "WARM" -> warm();
            case "W1T" -> Rehearsal.before(inserts::inTransaction);
            case "W2A" -> Rehearsal.before(inserts::allOrNone);
            case "W7" -> Rehearsal.before(() -> List.of(drains.exactlyOnce()));
            case "W8", "W8x4" -> Rehearsal.before(() -> List.of(drains.together(workload, ids(others))));
            case "W10" -> Rehearsal.before(() -> List.of(drains.manyQueues()));
            case "W11" -> List.of(idle.run());
            case "W12" -> Rehearsal.before(inserts::unique);
            case "W14" -> new Aging(rig).run();
            default -> throw new NotFoundException("There is no workload " + workload);
        };
    }

    private static long[] ids(List<Long> others) {
        return others.stream().mapToLong(Long::longValue).toArray();
    }

    private List<Result> warm() throws Exception {
        rig.warm();
        return List.of();
    }
}
