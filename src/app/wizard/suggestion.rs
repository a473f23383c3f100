//! The service and the address that the wizard suggests.

use crate::app::wizard::answers::Service;
use crate::config::{Backend, MINCHAT_URL};

/// Service and address to suggest: those of the profile beside which another one is added, if there is one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SuggestedService {
    /// The chat service.
    pub backend: Backend,
    /// Its address; `None` suggests that of the hosted service.
    pub url: Option<String>,
}

impl SuggestedService {
    /// Returns the index of the service that is selected at first.
    pub(super) fn service(&self) -> usize {
        Service::ALL.iter().position(|service| service.backend() == self.backend).unwrap_or_default()
    }

    /// Returns the address for a service; `None` if only the user knows it.
    pub(super) fn address(&self, service: Service) -> Option<&str> {
        let of_profile = self.url.as_deref().filter(|_| service.backend() == self.backend);
        of_profile.or((service == Service::MinChat).then_some(MINCHAT_URL))
    }

    /// Whether a text is the address that is suggested for some service.
    pub(super) fn has(&self, text: &str) -> bool {
        Service::ALL.into_iter().any(|service| self.address(service) == Some(text))
    }
}
