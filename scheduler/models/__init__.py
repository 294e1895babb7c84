"""One file for each aggregate: columns and constraints, nothing else."""

from scheduler.db.base import Base
from scheduler.models.adverse_event import AdverseEvent
from scheduler.models.alert import Alert, AlertKind, AlertRule
from scheduler.models.audit import AuditCheck, AuditEvent, AuditSeal
from scheduler.models.backup import BackupRun
from scheduler.models.caution import PatientCaution
from scheduler.models.change import CourseChange, InfusionChange
from scheduler.models.chart_access import AccessRules, EmergencyAccess, KeptForm
from scheduler.models.chart_rules import ChartRules, DischargeItem
from scheduler.models.cognition import CognitiveRun, CognitiveTask, RunState
from scheduler.models.consent import ConsentForm, ConsentSignature, ConsentVersion
from scheduler.models.consultation import (
    Consultation,
    ConsultationLink,
    ConsultationRequest,
    RequestEvent,
    RequestStatus,
)
from scheduler.models.contact import (
    ContactChoice,
    PatientDevice,
    PatientLink,
    PreparationItem,
    PreparationTick,
    StoppedAddress,
    Topic,
)
from scheduler.models.course import Course, CourseStatus, Infusion, InfusionStatus
from scheduler.models.duty import Duty, DutyException, DutyPattern
from scheduler.models.export import ClinicExport
from scheduler.models.feed import Feed, PublishedCalendar, PublishedEvent
from scheduler.models.infusion_log import InfusionLog, InfusionLogSave, LogStatus
from scheduler.models.mailbox import Mailbox
from scheduler.models.medicine import CourseMedicine
from scheduler.models.message import (
    Channel,
    InboundMessage,
    Message,
    MessageAttempt,
    MessageStatus,
    MessageTemplate,
    Purpose,
    ReminderRule,
    SendingPause,
    WorkerTick,
)
from scheduler.models.own_instrument import OwnInstrument
from scheduler.models.patient import AvailabilityWindow, Blackout, Patient, PatientSearchKey
from scheduler.models.patient_import import (
    ImportState,
    PatientImport,
    PatientImportPiece,
    PatientImportRow,
    RowOutcome,
)
from scheduler.models.protocol import Protocol, ProtocolPhase, ProtocolVersion
from scheduler.models.pump_pause import PumpPause
from scheduler.models.rating import Kiosk, Rating, RatingLink, RatingSource, TimePoint
from scheduler.models.record import (
    GuardOpening,
    LegalHold,
    RecordKind,
    RecordRemoval,
    RetentionRule,
    RetentionRun,
)
from scheduler.models.request_page import RequestPage
from scheduler.models.rescue_drug import RescueDrug
from scheduler.models.screening import Screening, ScreeningAddendum, ScreeningRules, ScreeningSave
from scheduler.models.second_factor import (
    AccessReview,
    AccountLink,
    AuthenticatorApp,
    HalfLogIn,
    Passkey,
    PasswordAsk,
    RecoveryCode,
)
from scheduler.models.sign_off import Addendum, CoSignature, GivenReason, SignedRecord, SignOffRules
from scheduler.models.site import CapacityStamp, Chair, Closure, HolidayOpening, OpeningHours, Site
from scheduler.models.task import StaffTask, TaskKind
from scheduler.models.token import AccessToken
from scheduler.models.user import LoginAttempt, Role, StaffSession, User, UserRole
from scheduler.models.vitals import HoldAction, VitalSigns
from scheduler.models.waiting import WaitingEntry, WaitingEvent, WaitingStatus
from scheduler.models.webhook import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint

metadata = Base.metadata

__all__ = [
    "AccessReview",
    "AccessRules",
    "AccessToken",
    "AccountLink",
    "Addendum",
    "AdverseEvent",
    "Alert",
    "AlertKind",
    "AlertRule",
    "AuditCheck",
    "AuditEvent",
    "AuditSeal",
    "AuthenticatorApp",
    "AvailabilityWindow",
    "BackupRun",
    "Blackout",
    "CapacityStamp",
    "Chair",
    "Channel",
    "ChartRules",
    "ClinicExport",
    "Closure",
    "CoSignature",
    "CognitiveRun",
    "CognitiveTask",
    "ConsentForm",
    "ConsentSignature",
    "ConsentVersion",
    "Consultation",
    "ConsultationLink",
    "ConsultationRequest",
    "ContactChoice",
    "Course",
    "CourseChange",
    "CourseMedicine",
    "CourseStatus",
    "DeliveryStatus",
    "DischargeItem",
    "Duty",
    "DutyException",
    "DutyPattern",
    "EmergencyAccess",
    "EndpointState",
    "Feed",
    "GivenReason",
    "GuardOpening",
    "HalfLogIn",
    "HoldAction",
    "HolidayOpening",
    "ImportState",
    "InboundMessage",
    "Infusion",
    "InfusionChange",
    "InfusionLog",
    "InfusionLogSave",
    "InfusionStatus",
    "KeptForm",
    "Kiosk",
    "LegalHold",
    "LogStatus",
    "LoginAttempt",
    "Mailbox",
    "Message",
    "MessageAttempt",
    "MessageStatus",
    "MessageTemplate",
    "OpeningHours",
    "OwnInstrument",
    "Passkey",
    "PasswordAsk",
    "Patient",
    "PatientCaution",
    "PatientDevice",
    "PatientImport",
    "PatientImportPiece",
    "PatientImportRow",
    "PatientLink",
    "PatientSearchKey",
    "PreparationItem",
    "PreparationTick",
    "Protocol",
    "ProtocolPhase",
    "ProtocolVersion",
    "PublishedCalendar",
    "PublishedEvent",
    "PumpPause",
    "Purpose",
    "Rating",
    "RatingLink",
    "RatingSource",
    "RecordKind",
    "RecordRemoval",
    "RecoveryCode",
    "ReminderRule",
    "RequestEvent",
    "RequestPage",
    "RequestStatus",
    "RescueDrug",
    "RetentionRule",
    "RetentionRun",
    "Role",
    "RowOutcome",
    "RunState",
    "Screening",
    "ScreeningAddendum",
    "ScreeningRules",
    "ScreeningSave",
    "SendingPause",
    "SignOffRules",
    "SignedRecord",
    "Site",
    "StaffSession",
    "StaffTask",
    "StoppedAddress",
    "TaskKind",
    "TimePoint",
    "Topic",
    "User",
    "UserRole",
    "VitalSigns",
    "WaitingEntry",
    "WaitingEvent",
    "WaitingStatus",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkerTick",
    "metadata",
]
