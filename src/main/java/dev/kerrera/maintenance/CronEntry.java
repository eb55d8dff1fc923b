package dev.kerrera.maintenance;

import dev.kerrera.config.CatchUp;
import dev.kerrera.job.NewJob;
import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import java.time.Instant;

/**
 * An entry of the crontab, judged and found right.
 *
 * @param schedule its name, and when it is due
 * @param catchUp what becomes of missed times
 * @param job the job it inserts, but for its metadata
 * @param meta the metadata that was given
 * @param options what was said of the job, as Oban names it
 */
record CronEntry(Schedule schedule, CatchUp catchUp, NewJob job, JsonObject meta, JsonObject options) {

    String name() {
        return schedule.entry();
    }

    /** The job for one of the entry's times. */
    NewJob jobAt(Instant time) {
        return job.meta(Json.createObjectBuilder(meta)
                .add("cron", true)
                .add("cron_expr", schedule.expression().text())
                .add("cron_name", name())
                .add("cron_tz", schedule.zone().getId())
                .add("cron_at", time.toString())
                .build());
    }

    /** The entry as Oban's <em>cronitor</em> message has it: expression, worker, options. */
    JsonArray triple() {
        return Json.createArrayBuilder()
                .add(schedule.expression().text())
                .add(job.worker())
                .add(options)
                .build();
    }
}
