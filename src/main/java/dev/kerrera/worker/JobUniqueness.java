package dev.kerrera.worker;

import dev.kerrera.config.Durations;
import dev.kerrera.job.JobState;
import dev.kerrera.job.Replace;
import dev.kerrera.job.Unique;
import dev.kerrera.worker.UniqueJobs.Replacing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What {@link UniqueJobs} says, as options of a job. */
record JobUniqueness(UniqueJobs said) {

    private static final String EVER = "infinity";

    Unique unique() {
        Unique rule = Unique.options()
                .fields(said.fields())
                .keys(said.keys())
                .states(said.states())
                .timestamp(said.timestamp());
        Optional<Duration> period = period();
        return period.isPresent() ? rule.period(period.get()) : rule.ever();
    }

    @Nullable Replace replace() {
        if (said.replace().length == 0) {
            return null;
        }
        Replace replace = Replace.of();
        for (Replacing replacing : said.replace()) {
            for (JobState state : replacing.states()) {
                replace = replace.andWhen(state, replacing.fields());
            }
        }
        return replace;
    }

    List<String> problems() {
        List<String> problems = new ArrayList<>();
        unique().problems().forEach(problem -> problems.add(problem.remedy() + ", was " + problem.value()));
        if (!isEver() && period().isEmpty()) {
            problems.add("period must be a duration of more than zero such as 30s or PT2H, or infinity, was '%s'"
                    .formatted(said.period()));
        }
        for (Replacing replacing : said.replace()) {
            if (replacing.fields().length == 0) {
                problems.add("replace must name at least one field");
            }
            if (replacing.states().length == 0) {
                problems.add("replace must name at least one state");
            }
        }
        return problems;
    }

    private Optional<Duration> period() {
        return isEver() ? Optional.empty() : Durations.positive(said.period());
    }

    private boolean isEver() {
        return said.period().strip().equalsIgnoreCase(EVER);
    }
}
