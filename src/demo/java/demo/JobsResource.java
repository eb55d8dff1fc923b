package demo;

import dev.kerrera.JobService;
import dev.kerrera.job.InvalidJobException;
import dev.kerrera.job.Job;
import dev.kerrera.job.JobError;
import dev.kerrera.job.NewJob;
import dev.kerrera.job.Unique;
import jakarta.enterprise.context.RequestScoped;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Inserts any job and shows its row. */
@RequestScoped
@Path("/jobs")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class JobsResource {

    @Inject
    private JobService jobs;

    @Inject
    private OrderDesk desk;

    /** Inserts a job such as {@code {"worker":"demo.Exercise","args":{"action":"error"},"max_attempts":3}}. */
    @POST
    public Response insert(JsonObject request) {
        try {
            Job job = jobs.insert(read(request));
            Response.ResponseBuilder response =
                    job.isConflict() ? Response.ok() : Response.created(URI.create("jobs/" + job.id()));
            return response.entity(show(job)).build();
        } catch (InvalidJobException | ClassCastException invalid) {
            JsonObject why = Json.createObjectBuilder()
                    .add("error", String.valueOf(invalid.getMessage()))
                    .build();
            return Response.status(Response.Status.BAD_REQUEST).entity(why).build();
        }
    }

    /** A job's row as it is now. */
    @GET
    @Path("/{id}")
    public JsonObject job(@PathParam("id") long id) {
        return show(desk.job(id).orElseThrow(NotFoundException::new));
    }

    /** Cancels a job, also while it runs. */
    @DELETE
    @Path("/{id}")
    public JsonObject cancel(@PathParam("id") long id) {
        jobs.cancel(id);
        return job(id);
    }

    private static NewJob read(JsonObject request) {
        NewJob job = NewJob.of(
                request.getString("worker", Exercise.class.getName()),
                request.getOrDefault("args", JsonValue.EMPTY_JSON_OBJECT));
        if (request.containsKey("queue")) {
            job = job.queue(request.getString("queue"));
        }
        if (request.containsKey("max_attempts")) {
            job = job.maxAttempts(request.getInt("max_attempts"));
        }
        if (request.containsKey("priority")) {
            job = job.priority(request.getInt("priority"));
        }
        if (request.containsKey("meta")) {
            job = job.meta(request.getJsonObject("meta"));
        }
        if (request.containsKey("tags")) {
            job = job.tags(request.getJsonArray("tags").getValuesAs(JsonString::getString));
        }
        if (request.containsKey("schedule_in")) {
            job = job.in(Duration.ofSeconds(request.getInt("schedule_in")));
        }
        if (request.containsKey("unique")) {
            job = job.unique(Unique.within(Duration.ofSeconds(request.getInt("unique"))));
        }
        return job;
    }

    private static JsonObject show(Job job) {
        JsonArrayBuilder errors = Json.createArrayBuilder();
        for (JobError error : job.errors()) {
            errors.add(Json.createObjectBuilder()
                    .add("attempt", error.attempt())
                    .add("at", error.at().toString())
                    .add("error", error.error()));
        }
        JsonObjectBuilder json = Json.createObjectBuilder()
                .add("id", job.id())
                .add("state", job.state().label())
                .add("queue", job.queue())
                .add("worker", job.worker())
                .add("args", job.args())
                .add("meta", job.meta())
                .add("tags", array(job.tags()))
                .add("errors", errors)
                .add("attempt", job.attempt())
                .add("max_attempts", job.maxAttempts())
                .add("priority", job.priority())
                .add("inserted_at", job.insertedAt().toString())
                .add("scheduled_at", job.scheduledAt().toString())
                .add("attempted_by", array(job.attemptedBy()));
        addTime(json, "attempted_at", job.attemptedAt());
        addTime(json, "completed_at", job.completedAt());
        addTime(json, "discarded_at", job.discardedAt());
        addTime(json, "cancelled_at", job.cancelledAt());
        return json.build();
    }

    private static JsonArrayBuilder array(List<String> texts) {
        return Json.createArrayBuilder(texts);
    }

    private static void addTime(JsonObjectBuilder json, String name, @Nullable Instant time) {
        json.add(name, time == null ? JsonValue.NULL : Json.createValue(time.toString()));
    }
}
