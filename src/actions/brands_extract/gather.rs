//! Brings a survey what it wants: the page first, then its documents, several at a time.

use std::collections::{BTreeSet, HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use url::Url;

use super::failure::Failure;
use crate::brand::{
    Budget, Deadline, Fetched, Missing, Survey, SurveyRequest, Unusable, Want, WantId, WantKind,
};
use crate::outbound::{
    FetchError, FetchRequest, FetchedResponse, MAX_REDIRECTS, RedirectFault, Resource, Session,
};

/// How many documents are fetched at the same time: what browsers ask of one host.
const PARALLEL: usize = 6;

/// The types of documents that are read as a page.
const PAGE_TYPES: &[&str] = &["text/html", "application/xhtml+xml", "application/xml", "text/xml"];

/// The fetching of one survey.
pub(super) struct Gatherer<'a> {
    session: &'a Session,
    accept_language: Option<String>,
    /// Origins that did not answer: they are not asked again.
    dead: Mutex<HashSet<String>>,
}

/// How many documents came, and how many did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    pub(super) supplied: usize,
    pub(super) missing: usize,
}

impl<'a> Gatherer<'a> {
    pub(super) fn new(session: &'a Session, accept_language: Option<String>) -> Self {
        Self { session, accept_language, dead: Mutex::default() }
    }

    /// Fetches the page at `url`, or the one that it sends on to, and begins its survey; where the
    /// site has that page in a wanted language, of that one.
    pub(super) async fn open(
        &self,
        url: Url,
        request: &SurveyRequest,
        deadline: &Deadline,
    ) -> Result<(Survey, Fetched), Failure> {
        let first = self.open_page(url, request, deadline).await?;
        let Some(better) = first.0.better_page() else { return Ok(first) };
        // What is declared may not be there; then the first page will do.
        Ok(self.open_page(better, request, deadline).await.unwrap_or(first))
    }

    async fn open_page(
        &self,
        url: Url,
        request: &SurveyRequest,
        deadline: &Deadline,
    ) -> Result<(Survey, Fetched), Failure> {
        let budget = Budget::default();
        let mut seen = vec![url];
        loop {
            let asked = seen.last().expect("the first address is there").clone();
            let failed = |error| Failure::Fetch { url: asked.clone(), error };
            let max_redirects = (MAX_REDIRECTS + 1).saturating_sub(seen.len());
            let response = self
                .session
                .fetch(self.page_request(asked.clone(), budget.page_bytes, max_redirects))
                .await
                .map_err(failed)?;
            if response.truncated {
                return Err(Unusable::TooLarge(budget.page_bytes).into());
            }
            // The redirects begin with what was asked for, which is there already.
            let arrived = (!response.redirects.is_empty()).then(|| response.url.clone());
            seen.extend(response.redirects.iter().skip(1).cloned().chain(arrived));
            let page = fetched(asked.clone(), response);
            match Survey::new(&page, request.clone(), budget.clone(), deadline) {
                Err(Unusable::Redirect(next)) if seen.contains(&next) => {
                    return Err(failed(FetchError::Redirects(RedirectFault::Loop)));
                }
                Err(Unusable::Redirect(_)) if seen.len() > MAX_REDIRECTS => {
                    return Err(failed(FetchError::Redirects(RedirectFault::TooMany)));
                }
                Err(Unusable::Redirect(next)) => seen.push(next),
                Err(unusable) => return Err(unusable.into()),
                Ok(survey) => return Ok((survey, page)),
            }
        }
    }

    fn page_request(&self, url: Url, max_bytes: usize, max_redirects: usize) -> FetchRequest {
        FetchRequest {
            accept: "text/html, application/xhtml+xml, */*;q=0.1",
            accept_language: self.accept_language.clone(),
            media_types: PAGE_TYPES,
            max_redirects,
            robots: true,
            ..FetchRequest::new(url, max_bytes)
        }
    }

    /// Supplies the survey of `page` until it wants nothing more, or nothing more can be had.
    pub(super) async fn supply(&self, survey: &mut Survey, page: &Url) -> Count {
        let mut count = Count::default();
        let mut asked = BTreeSet::new();
        let mut waiting = VecDeque::new();
        let mut running = FuturesUnordered::new();
        loop {
            waiting.extend(survey.wants().into_iter().filter(|want| asked.insert(want.id)));
            while running.len() < PARALLEL
                && let Some(want) = waiting.pop_front()
            {
                running.push(self.document(want, page));
            }
            let Some((want, document)) = running.next().await else { return count };
            match &document {
                Ok(_) => count.supplied += 1,
                Err(_) => count.missing += 1,
            }
            survey.supply(want, document);
        }
    }

    async fn document(&self, want: Want, page: &Url) -> (WantId, Result<Fetched, Missing>) {
        let document = match self.fetch(&want, want.url.clone()).await {
            // A copy of a site still names the host of the original, which may not be there.
            Err(error) if is_out_of_reach(&error) => match rebase(&want.url, page) {
                Some(here) => self.fetch(&want, here).await,
                None => Err(error),
            },
            other => other,
        };
        let id = want.id;
        let document = match document {
            Ok(response) if response.truncated && want.kind != WantKind::Stylesheet => {
                Err(Missing::TooLarge)
            }
            // The beginning of a style sheet is of use without its end.
            Ok(response) => Ok(fetched(want.url, response)),
            Err(error) => Err(missing(&error)),
        };
        (id, document)
    }

    async fn fetch(&self, want: &Want, url: Url) -> Result<FetchedResponse, FetchError> {
        let origin = url.origin().ascii_serialization();
        if self.dead().contains(&origin) {
            return Err(FetchError::Unreachable);
        }
        let request = FetchRequest {
            accept: want.accept,
            accept_language: self.accept_language.clone(),
            robots: want.kind == WantKind::Page,
            ..FetchRequest::new(url, want.max_bytes)
        };
        let response = self.session.fetch(request).await;
        if response.as_ref().is_err_and(is_out_of_reach) {
            self.dead().insert(origin);
        }
        response
    }

    fn dead(&self) -> MutexGuard<'_, HashSet<String>> {
        self.dead.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn fetched(asked: Url, response: FetchedResponse) -> Fetched {
    Fetched {
        url: asked,
        final_url: response.url,
        status: response.status,
        content_type: response.content_type,
        bytes: response.body,
    }
}

/// Whether the host itself is the trouble, so that another one may do better.
fn is_out_of_reach(error: &FetchError) -> bool {
    matches!(
        error,
        FetchError::UnknownHost
            | FetchError::Refused { redirected: false, .. }
            | FetchError::ConnectionRefused
            | FetchError::Unreachable
            | FetchError::Tls(_)
            | FetchError::TimedOut(_)
    )
}

/// The same path and query where the page came from; `None` when that is where it was.
fn rebase(url: &Url, page: &Url) -> Option<Url> {
    if url.origin() == page.origin() {
        return None;
    }
    let mut here = page.clone();
    here.set_path(url.path());
    here.set_query(url.query());
    Some(here)
}

fn missing(error: &FetchError) -> Missing {
    match error {
        FetchError::Status { status, .. } => Missing::Status(*status),
        FetchError::Refused { .. } | FetchError::Disallowed => Missing::Refused,
        FetchError::Bomb | FetchError::BudgetSpent(Resource::Bytes) => Missing::TooLarge,
        _ => Missing::Unreachable,
    }
}
