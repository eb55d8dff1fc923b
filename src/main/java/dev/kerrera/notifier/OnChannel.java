package dev.kerrera.notifier;

import static java.lang.annotation.ElementType.FIELD;
import static java.lang.annotation.ElementType.METHOD;
import static java.lang.annotation.ElementType.PARAMETER;
import static java.lang.annotation.RetentionPolicy.RUNTIME;

import jakarta.enterprise.util.AnnotationLiteral;
import jakarta.inject.Qualifier;
import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.Target;

/**
 * Observes the messages of any channel by its name, as {@code void on(@Observes @OnChannel("prices") Notification message)}.
 *
 * <p>Channels are those that observers name: the node listens to each of them from its start.
 */
@Qualifier @Documented
@Retention(RUNTIME)
@Target({FIELD, METHOD, PARAMETER})
public @interface OnChannel {

    /** The channel's name without prefix: {@code prices} stands for {@code public.oban_prices} in PostgreSQL. */
    String value();

    /** The annotation as a value. */
    final class Literal extends AnnotationLiteral<OnChannel> implements OnChannel {

        private static final long serialVersionUID = 1L;

        private final String value;

        private Literal(String value) {
            this.value = value;
        }

        /** The annotation for one channel. */
        public static Literal of(String channel) {
            return new Literal(channel);
        }

        @Override
        public String value() {
            return value;
        }
    }
}
