// SPDX-License-Identifier: Apache-2.0
package dev.sluice.gateway.net;

import dev.sluice.gateway.wire.BackendEncoder;
import dev.sluice.gateway.wire.BackendMessage;
import dev.sluice.gateway.wire.FrontendMessage;
import io.vertx.core.net.NetSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A session without rules: every byte goes to the other side. Keeps the sessions it was given. */
final class PlainRelay implements SessionStarter {
    private final BlockingQueue<EstablishedSession> sessions = new LinkedBlockingQueue<>();

    /** The next session that was started, waited for. */
    EstablishedSession next() throws InterruptedException {
        EstablishedSession session = sessions.poll(10, TimeUnit.SECONDS);
        if (session == null) {
            throw new AssertionError("no session was started within 10 s");
        }
        return session;
    }

    boolean none() {
        return sessions.isEmpty();
    }

    @Override
    public void start(EstablishedSession session) {
        NetSocket frontend = session.frontend();
        NetSocket backend = session.backend();
        session.cancel().onCancel(() -> session.upstreamCancel().send());
        frontend.write(BackendEncoder.readyForQuery(session.transactionStatus()));
        BackendMessage greeted = session.backendReader().next();
        while (greeted != null) {
            frontend.write(greeted.raw());
            greeted = session.backendReader().next();
        }
        FrontendMessage ahead = session.frontendReader().next();
        while (ahead != null) {
            backend.write(ahead.raw());
            ahead = session.frontendReader().next();
        }
        frontend.handler(backend::write);
        backend.handler(frontend::write);
        frontend.closeHandler(_ -> backend.close());
        backend.closeHandler(_ -> frontend.close());
        frontend.resume();
        backend.resume();
        sessions.add(session);
    }
}
