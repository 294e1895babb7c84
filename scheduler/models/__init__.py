"""One file for each aggregate: columns and constraints, nothing else."""

from scheduler.db.base import Base
from scheduler.models.alert import Alert, AlertKind
from scheduler.models.audit import AuditEvent
from scheduler.models.backup import BackupRun
from scheduler.models.change import CourseChange, InfusionChange
from scheduler.models.contact import (
    ContactChoice,
    PatientLink,
    PreparationItem,
    PreparationTick,
    StoppedAddress,
    Topic,
)
from scheduler.models.course import Course, CourseStatus, Infusion, InfusionStatus
from scheduler.models.duty import Duty, DutyException, DutyPattern
from scheduler.models.feed import Feed, PublishedCalendar, PublishedEvent
from scheduler.models.mailbox import Mailbox
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
from scheduler.models.patient import AvailabilityWindow, Blackout, Patient, PatientSearchKey
from scheduler.models.patient_import import (
    ImportState,
    PatientImport,
    PatientImportPiece,
    PatientImportRow,
    RowOutcome,
)
from scheduler.models.protocol import Protocol, ProtocolPhase, ProtocolVersion
from scheduler.models.rating import Kiosk, Rating, RatingLink, RatingSource, TimePoint
from scheduler.models.site import CapacityStamp, Chair, Closure, HolidayOpening, OpeningHours, Site
from scheduler.models.task import StaffTask, TaskKind
from scheduler.models.token import AccessToken
from scheduler.models.user import LoginAttempt, Role, StaffSession, User, UserRole
from scheduler.models.waiting import WaitingEntry, WaitingEvent, WaitingStatus
from scheduler.models.webhook import DeliveryStatus, EndpointState, WebhookDelivery, WebhookEndpoint

metadata = Base.metadata

__all__ = [
    "AccessToken",
    "Alert",
    "AlertKind",
    "AuditEvent",
    "AvailabilityWindow",
    "BackupRun",
    "Blackout",
    "CapacityStamp",
    "Chair",
    "Channel",
    "Closure",
    "ContactChoice",
    "Course",
    "CourseChange",
    "CourseStatus",
    "DeliveryStatus",
    "Duty",
    "DutyException",
    "DutyPattern",
    "EndpointState",
    "Feed",
    "HolidayOpening",
    "ImportState",
    "InboundMessage",
    "Infusion",
    "InfusionChange",
    "InfusionStatus",
    "Kiosk",
    "LoginAttempt",
    "Mailbox",
    "Message",
    "MessageAttempt",
    "MessageStatus",
    "MessageTemplate",
    "OpeningHours",
    "Patient",
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
    "Purpose",
    "Rating",
    "RatingLink",
    "RatingSource",
    "ReminderRule",
    "Role",
    "RowOutcome",
    "SendingPause",
    "Site",
    "StaffSession",
    "StaffTask",
    "StoppedAddress",
    "TaskKind",
    "TimePoint",
    "Topic",
    "User",
    "UserRole",
    "WaitingEntry",
    "WaitingEvent",
    "WaitingStatus",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkerTick",
    "metadata",
]
