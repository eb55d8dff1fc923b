package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentTest {

    private final Ident ident = new Ident("Oban.java-1");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"queue":"mail"}                        | true
            {"ident":"any","queue":"mail"}          | true
            {"ident":"Oban.java-1"}                 | true
            {"ident":"Oban.java-2"}                 | false
            {"ident":"Kerrera.java-1"}              | false
            {"ident":"oban.java-1"}                 | false
            {"ident":"Oban"}                        | false
            {"ident":""}                            | false
            {"ident":"Any"}                         | false
            {"ident":null}                          | false
            {"ident":1}                             | false
            {"ident":true}                          | false
            {"ident":["any"]}                       | false
            {"ident":{"any":"any"}}                 | false
            {"nested":{"ident":"Oban.java-2"}}      | true
            """)
    void a_message_is_for_this_node_without_ident_with_any_or_with_its_own(String message, boolean forThisNode) {
        assertThat(Wire.decode(message).map(ident::addressedBy)).isEqualTo(Optional.of(forThisNode));
    }
}
