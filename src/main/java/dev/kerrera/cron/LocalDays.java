package dev.kerrera.cron;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The instants that fields name on the days of a zone; the package says what becomes of minutes that are skipped or repeated. */
final class LocalDays {

    /** A 29 February that must be a certain weekday comes back after 40 years at most. */
    private static final int FARTHEST_YEARS = 41;

    private final CronFields fields;
    private final List<LocalTime> times;
    private final ZoneId zone;
    private final ZoneRules rules;

    LocalDays(CronFields fields, List<LocalTime> times, ZoneId zone) {
        this.fields = fields;
        this.times = times;
        this.zone = zone;
        this.rules = zone.getRules();
    }

    /** Where the clocks go back across midnight, the days on both sides of it interleave: so a day more is looked at on each side. */
    List<Instant> between(Instant after, Instant until) {
        List<Instant> found = new ArrayList<>();
        LocalDate last = date(until).plusDays(1);
        for (LocalDate date = date(after).minusDays(1); !date.isAfter(last); date = date.plusDays(1)) {
            addTo(found, date);
        }
        return found.stream()
                .filter(instant -> instant.isAfter(after) && !instant.isAfter(until))
                .sorted()
                .distinct()
                .toList();
    }

    Optional<Instant> after(Instant moment) {
        LocalDate date = date(moment).minusDays(1);
        LocalDate farthest = date.plusYears(FARTHEST_YEARS);
        while (!date.isAfter(farthest)) {
            if (fields.includes(date.getMonth())) {
                List<Instant> found = on(date);
                if (found.stream().anyMatch(instant -> instant.isAfter(moment))) {
                    addTo(found, date.plusDays(1));
                    return found.stream()
                            .filter(instant -> instant.isAfter(moment))
                            .min(Comparator.naturalOrder());
                }
                date = date.plusDays(1);
            } else {
                date = date.plusMonths(1).withDayOfMonth(1);
            }
        }
        return Optional.empty();
    }

    Optional<Instant> before(Instant moment) {
        LocalDate date = date(moment).plusDays(1);
        LocalDate farthest = date.minusYears(FARTHEST_YEARS);
        while (!date.isBefore(farthest)) {
            if (fields.includes(date.getMonth())) {
                List<Instant> found = on(date);
                if (found.stream().anyMatch(instant -> instant.isBefore(moment))) {
                    addTo(found, date.minusDays(1));
                    return found.stream()
                            .filter(instant -> instant.isBefore(moment))
                            .max(Comparator.naturalOrder());
                }
                date = date.minusDays(1);
            } else {
                date = date.withDayOfMonth(1).minusDays(1);
            }
        }
        return Optional.empty();
    }

    private LocalDate date(Instant instant) {
        return LocalDate.ofInstant(instant, zone);
    }

    private List<Instant> on(LocalDate date) {
        List<Instant> instants = new ArrayList<>();
        addTo(instants, date);
        return instants;
    }

    private void addTo(List<Instant> instants, LocalDate date) {
        if (fields.include(date)) {
            times.forEach(time -> addTo(instants, date.atTime(time)));
        }
    }

    private void addTo(List<Instant> instants, LocalDateTime local) {
        List<ZoneOffset> offsets = rules.getValidOffsets(local);
        if (fields.everyHour()) {
            offsets.forEach(offset -> instants.add(local.toInstant(offset)));
        } else if (offsets.isEmpty()) {
            instants.add(rules.getTransition(local).getInstant());
        } else {
            instants.add(local.toInstant(offsets.get(0)));
        }
    }
}
