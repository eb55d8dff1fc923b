package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.json.JsonObject;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message this room can build, byte for byte as Oban's nodes send it. */
class GoldenMessagesTest {

    static Stream<Arguments> messages() {
        return Stream.of(
                golden("{'queue':'alpha'}", Messages.announcement("alpha")),
                golden("{'queue':'mail'}", Messages.announcement("mail")),
                golden("{'down':'Oban'}", Messages.resignation("Oban")),
                golden("{'node':'java-1','ping':true}", Messages.ping("java-1")),
                golden("{'action':'pause','ident':'any','queue':'alpha'}", Signals.pause("alpha", Signals.ANY)),
                golden(
                        "{'action':'pause','ident':'Oban.me@host','queue':'alpha'}",
                        Signals.pause("alpha", "Oban.me@host")),
                golden("{'action':'pause','ident':'Oban.web.2','queue':'alpha'}", Signals.pause("alpha", "Oban.web.2")),
                golden("{'action':'pause','ident':'any','queue':'*'}", Signals.pause(Signals.ALL_QUEUES, Signals.ANY)),
                golden("{'action':'resume','ident':'any','queue':'alpha'}", Signals.resume("alpha", Signals.ANY)),
                golden(
                        "{'action':'resume','ident':'Oban.web.2','queue':'*'}",
                        Signals.resume(Signals.ALL_QUEUES, "Oban.web.2")),
                golden(
                        "{'action':'scale','ident':'any','limit':7,'queue':'alpha'}",
                        Signals.scale("alpha", 7, Signals.ANY)),
                golden(
                        "{'action':'scale','ident':'Oban.web.2','limit':7,'node':'web.2','queue':'alpha'}",
                        Signals.scale("alpha", 7, "Oban.web.2", "web.2")),
                golden(
                        "{'action':'start','ident':'any','limit':2,'queue':'beta'}",
                        Signals.start("beta", 2, Signals.ANY)),
                golden(
                        "{'action':'start','ident':'any','limit':2,'paused':true,'queue':'beta'}",
                        Signals.start("beta", 2, true, Signals.ANY)),
                golden("{'action':'stop','ident':'any','queue':'beta'}", Signals.stop("beta", Signals.ANY)),
                golden("{'action':'pkill','job_id':26}", Signals.kill(26)));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void are_written_as_they_stand(String golden, JsonObject message) {
        assertThat(Wire.encode(message)).isEqualTo(golden);
    }

    @ParameterizedTest
    @MethodSource("messages")
    void are_read_as_what_they_are(String golden, JsonObject message) {
        assertThat(Wire.decode(golden)).contains(message);
    }

    private static Arguments golden(String json, JsonObject message) {
        return Arguments.of(json.replace('\'', '"'), message);
    }
}
