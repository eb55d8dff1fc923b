package dev.kerrera.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.notifier.Signals;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.StringReader;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What messages of the channel of signals want, whoever wrote them. */
class QueueSignalTest {

    @Test
    void what_elixir_nodes_send_is_understood() {
        assertThat(read("{'action':'pause','ident':'any','queue':'alpha'}"))
                .isEqualTo(new QueueSignal.Pause("alpha", true));
        assertThat(read("{'action':'pause','ident':'Oban.web.2','queue':'*'}"))
                .isEqualTo(new QueueSignal.Pause("*", true));
        assertThat(read("{'action':'resume','ident':'any','queue':'alpha'}"))
                .isEqualTo(new QueueSignal.Pause("alpha", false));
        assertThat(read("{'action':'resume','ident':'any','queue':'*'}")).isEqualTo(new QueueSignal.Pause("*", false));
        assertThat(read("{'action':'scale','ident':'any','limit':7,'queue':'alpha'}"))
                .isEqualTo(new QueueSignal.Scale("alpha", 7, Optional.empty()));
        assertThat(read("{'action':'start','ident':'any','limit':2,'queue':'beta'}"))
                .isEqualTo(new QueueSignal.Start("beta", 2, false, Optional.empty()));
        assertThat(read("{'action':'stop','ident':'any','queue':'beta'}")).isEqualTo(new QueueSignal.Stop("beta"));
        assertThat(read("{'action':'pkill','job_id':26}")).isEqualTo(new QueueSignal.Kill(26));
    }

    @Test
    void what_kerrera_sends_is_understood() {
        assertThat(QueueSignal.of(Signals.pause("*", "any"))).isEqualTo(new QueueSignal.Pause("*", true));
        assertThat(QueueSignal.of(Signals.resume("a", "any"))).isEqualTo(new QueueSignal.Pause("a", false));
        assertThat(QueueSignal.of(Signals.scale("a", 3, "K.n", "n")))
                .isEqualTo(new QueueSignal.Scale("a", 3, Optional.empty()));
        assertThat(QueueSignal.of(Signals.start("a", 3, true, "any")))
                .isEqualTo(new QueueSignal.Start("a", 3, true, Optional.empty()));
        assertThat(QueueSignal.of(Signals.stop("a", "any"))).isEqualTo(new QueueSignal.Stop("a"));
        assertThat(QueueSignal.of(Signals.kill(3))).isEqualTo(new QueueSignal.Kill(3));
    }

    @Test
    void keys_that_mean_nothing_here_are_passed_over() {
        assertThat(read("{'action':'scale','limit':7,'queue':'a','local_only':true,'node':'n','global_limit':9,"
                        + "'rate_limit':{'allowed':1}}"))
                .isEqualTo(new QueueSignal.Scale("a", 7, Optional.empty()));
        assertThat(
                        read(
                                "{'action':'start','limit':2,'queue':'a','local_only':true,'refresh_interval':'often','x':null}"))
                .isEqualTo(new QueueSignal.Start("a", 2, false, Optional.empty()));
        assertThat(read("{'action':'pause','queue':'a','job_id':3}")).isEqualTo(new QueueSignal.Pause("a", true));
    }

    @Test
    void a_scale_may_say_whether_the_queue_is_paused() {
        assertThat(read("{'action':'scale','limit':2,'paused':true,'queue':'a'}"))
                .isEqualTo(new QueueSignal.Scale("a", 2, Optional.of(true)));
        assertThat(read("{'action':'scale','limit':2,'paused':false,'queue':'a'}"))
                .isEqualTo(new QueueSignal.Scale("a", 2, Optional.of(false)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "'true'", "1", "0", "[true]", "{}"})
    void a_scale_whose_paused_makes_no_sense_scales(String paused) {
        assertThat(read("{'action':'scale','limit':2,'paused':" + paused + ",'queue':'a'}"))
                .isEqualTo(new QueueSignal.Scale("a", 2, Optional.empty()));
    }

    @Test
    void a_start_may_say_more() {
        assertThat(read("{'action':'start','limit':2,'paused':true,'dispatch_cooldown':20,'queue':'a'}"))
                .isEqualTo(new QueueSignal.Start("a", 2, true, Optional.of(Duration.ofMillis(20))));
        assertThat(read("{'action':'start','limit':2,'paused':false,'dispatch_cooldown':0,'queue':'a'}"))
                .isEqualTo(new QueueSignal.Start("a", 2, false, Optional.of(Duration.ZERO)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'action':'pause'}",
                "{'action':'pause','queue':''}",
                "{'action':'pause','queue':7}",
                "{'action':'resume','queue':null}",
                "{'action':'resume','queue':['a']}",
                "{'action':'scale','queue':'a'}",
                "{'action':'scale','queue':'*','limit':3}",
                "{'action':'scale','queue':'a','limit':'3'}",
                "{'action':'scale','queue':'a','limit':3.0}",
                "{'action':'scale','queue':'a','limit':2.5}",
                "{'action':'scale','queue':'a','limit':0}",
                "{'action':'scale','queue':'a','limit':-1}",
                "{'action':'scale','queue':'a','limit':null}",
                "{'action':'scale','queue':'a','limit':true}",
                "{'action':'scale','queue':'a','limit':{}}",
                "{'action':'scale','queue':'a','limit':99999999999}",
                "{'action':'scale','queue':'a','limit':1e999999999}",
                "{'action':'start','queue':'a'}",
                "{'action':'start','queue':'*','limit':3}",
                "{'action':'start','queue':'a','limit':'3'}",
                "{'action':'start','queue':'a','limit':3,'paused':'yes'}",
                "{'action':'start','queue':'a','limit':3,'paused':null}",
                "{'action':'start','queue':'a','limit':3,'dispatch_cooldown':-1}",
                "{'action':'start','queue':'a','limit':3,'dispatch_cooldown':'5'}",
                "{'action':'stop','queue':'*'}",
                "{'action':'stop','queue':false}",
                "{'action':'pkill','job_id':'1'}",
                "{'action':'pkill'}"
            })
    void what_cannot_be_is_ignored_with_a_reason(String message) {
        assertThat(read(message))
                .isInstanceOfSatisfying(
                        QueueSignal.Ignored.class,
                        ignored -> assertThat(ignored.reason())
                                .startsWith("The signal {\"action\":")
                                .contains(" is ignored: its "));
    }

    @Test
    void a_reason_shows_no_more_of_a_message_than_fits_a_line() {
        QueueSignal signal = read("{'action':'pause','queue':7,'x':'" + "x".repeat(5_000) + "'}");

        assertThat(((QueueSignal.Ignored) signal).reason()).hasSizeLessThan(300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'action':'dance','queue':'a'}", "{'action':7}", "{'action':null}", "{'queue':'a'}"})
    void what_is_not_about_queues_is_unknown(String message) {
        assertThat(read(message)).isEqualTo(new QueueSignal.Unknown());
    }

    private static QueueSignal read(String message) {
        try (var reader = Json.createReader(new StringReader(message.replace('\'', '"')))) {
            JsonObject object = reader.readObject();
            return QueueSignal.of(object);
        }
    }
}
