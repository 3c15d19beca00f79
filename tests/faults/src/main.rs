//! What the hub does when its parts fail, when it is killed, and when many ask at once.

mod smoke;
