package dev.kerrera.liberty.probe;

import jakarta.enterprise.context.RequestScoped;

/** Works in an active request scope only. */
@RequestScoped
public class RequestBean {

    private int calls;

    public int call() {
        return ++calls;
    }
}
