"""The rows of the sample database `kredit-seven`, one NamedTuple a table, fields in the order of schema.sql.

`Local` is a wall-clock time as text (see `governance.samples.dates.moment`), `Money` an amount in tenge as text with two decimals,
`Key` a UUID or a code as text: what COPY takes, made once. Holds no rules.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple, get_args

Local = str
Money = str
Key = str


def money(tenge: int) -> Money:
    """An amount in whole tenge."""
    return f"{tenge}.00"


class LoanProduct(NamedTuple):
    ProductCode: str
    ProductTitle: str
    ShortestDays: int
    LongestDays: int


class Borrower(NamedTuple):
    BorrowerId: Key
    Iin: str
    FamilyName: str
    GivenName: str
    PatronymicName: str | None
    BirthDate: date | None
    IdentityCardNumber: str | None
    MobilePhone: str | None
    HomePhone: str | None
    WorkPhone: str | None
    EmailAddress: str | None
    RegisteredRegion: str | None
    RegisteredCity: str | None
    RegisteredStreet: str | None
    RegisteredPostcode: str | None
    ResidentialAddress: str | None
    EmployerName: str | None
    MonthlySalary: Money | None
    SalaryDay: int | None
    MaritalState: str | None
    PropertyKinds: str | None
    OtherLiabilities: Money | None
    PreferredLanguage: str | None
    AdvertisingSegment: str | None
    RegisteredAt: Local
    WithoutLoanSince: date | None
    ConsentWithdrawnAt: Local | None
    CurrentMicrocreditId: Key | None


class WebAccount(NamedTuple):
    AccountCode: Key
    BorrowerId: Key
    LoginName: str
    PasswordDigest: str
    AccountState: str
    OpenedAt: Local
    ClosedOn: date | None


class CreditApplication(NamedTuple):
    ApplicationId: Key
    BorrowerId: Key
    ProductCode: str
    SubmittedAt: Local
    ApplicationState: str
    DecidedOn: date | None
    RequestedAmount: Money
    RequestedDays: int
    SubmittedFromIp: str | None
    RefusalGround: str | None
    SolvencyScore: int | None


class CreditOffer(NamedTuple):
    OfferCode: Key
    ApplicationId: Key
    OfferedAmount: Money
    OfferedDays: int
    YearlyRate: str
    ValidUntil: date
    AcceptedOn: date | None


class Microcredit(NamedTuple):
    MicrocreditId: Key
    AgreementNumber: str
    BorrowerId: Key
    ApplicationId: Key
    OfferCode: Key
    SignedOn: date
    LoanState: str
    SettledOn: date | None
    PrincipalAmount: Money
    BalanceDue: Money
    DisbursementIban: str | None
    DisbursementBank: str | None


class Instalment(NamedTuple):
    InstalmentId: Key
    MicrocreditId: Key
    InstalmentNumber: int
    FallsDueOn: date
    AmountDue: Money


class Payment(NamedTuple):
    PaymentCode: Key
    MicrocreditId: Key
    BookedAt: Local
    PaymentKind: str
    PaidAmount: Money
    PayerName: str | None
    PayerIban: str | None


class BureauReport(NamedTuple):
    BureauReportId: Key
    ApplicationId: Key
    BureauName: str
    QueriedAt: Local
    ReportState: str
    PurposeReachedOn: date | None
    BureauReference: str | None
    ReportContents: str | None


class PensionReport(NamedTuple):
    PensionReportCode: Key
    ApplicationId: Key
    QueriedAt: Local
    ReportState: str
    PurposeReachedOn: date | None
    ContributorIin: str | None
    ContributingEmployer: str | None
    AverageContribution: Money | None


class BarredPerson(NamedTuple):
    BarredId: Key
    BorrowerId: Key | None
    BarredIin: str
    BarredName: str
    BarringGround: str
    BarredOn: date
    LiftedOn: date | None


class Cession(NamedTuple):
    CessionId: Key
    MicrocreditId: Key
    BuyerName: str
    AssignedOn: date
    AssignedAmount: Money
    DebtorNotice: str | None


class ConsentRecord(NamedTuple):
    ConsentId: Key
    BorrowerId: Key
    ConsentPurpose: str
    GivenAt: Local
    WithdrawnAt: Local | None
    LapsedOn: date | None
    ContactUsed: str | None
    GivenFromIp: str | None


class AdvertisingProfile(NamedTuple):
    ProfileId: Key
    BorrowerId: Key
    ConsentId: Key
    TargetSegment: str
    InterestNotes: str | None
    AdvertisingCookie: str | None
    RefreshedAt: Local


class SiteVisit(NamedTuple):
    VisitId: Key
    BorrowerId: Key | None
    VisitedAt: Local
    VisitorIp: str
    CookieValue: str | None
    BrowserName: str | None
    PageAddress: str
    ProviderDomain: str | None


class Complaint(NamedTuple):
    ComplaintId: Key
    BorrowerId: Key
    ComplaintSubject: str
    ReceivedOn: date
    AnsweredOn: date | None
    ComplaintText: str | None
    ReplyText: str | None


class QualityRecording(NamedTuple):
    RecordingId: Key
    BorrowerId: Key | None
    ComplaintId: Key | None
    RecordedAt: Local
    SpokenSeconds: int
    CallerPhone: str
    AudioTrack: bytes


class CourierParcel(NamedTuple):
    ParcelCode: Key
    BorrowerId: Key
    CourierName: str
    ParcelState: str
    SentOn: date
    DeliveredOn: date | None
    AddresseeName: str
    DeliveryAddress: str


class CollectionCase(NamedTuple):
    CaseId: Key
    MicrocreditId: Key
    CaseKind: str
    OpenedOn: date
    ClosedOn: date | None
    CollectorName: str
    ClaimedAmount: Money
    CaseNote: str | None


class AuthorityInquiry(NamedTuple):
    InquiryId: Key
    BorrowerId: Key
    InquiringBody: str
    ReceivedOn: date
    AnsweredOn: date | None
    ReplyText: str | None


class BlockingOrder(NamedTuple):
    BlockingId: Key
    BorrowerId: Key
    BlockedOn: date
    LiftedOn: date | None
    BlockingGround: str


class AmlCheck(NamedTuple):
    CheckId: Key
    BorrowerId: Key
    CheckedAt: Local
    RelationState: str
    RelationEndedOn: date | None
    CheckedDocument: str | None
    FundsSource: str | None
    RiskGrade: str


Row = (
    LoanProduct | Borrower | WebAccount | CreditApplication | CreditOffer | Microcredit | Instalment | Payment | BureauReport
    | PensionReport | BarredPerson | Cession | ConsentRecord | AdvertisingProfile | SiteVisit | Complaint | QualityRecording
    | CourierParcel | CollectionCase | AuthorityInquiry | BlockingOrder | AmlCheck
)  # fmt: skip

TABLES: dict[type[Row], str] = {kind: kind.__name__ for kind in get_args(Row)}
