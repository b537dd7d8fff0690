// SPDX-License-Identifier: Apache-2.0
package dev.sluice.schemas.kafka;

/** The fate of one record. Called on a thread of the publisher that all records share: hand over, don't work. */
public interface Delivery {
    /** Every in-sync replica has it. Deliveries of one key are acknowledged in the order in which they were published. */
    void acknowledged();

    /** It will not be delivered: Kafka refused it for good, or the publisher was closed. Outages are waited out and never end here. */
    void failed(Throwable cause);
}
