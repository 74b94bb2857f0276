variable "prefix" {
  description = "Prefix of the names: workspace <prefix>-metrics, topics <prefix>-page and <prefix>-ticket, Grafana <prefix>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix must have 2 to 24 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "metrics" {
  description = "Create the Prometheus workspace for the tasks' collectors, with rules and alert manager. Without it, only the topics for CloudWatch alarms are created."
  type        = bool
  default     = true
}

variable "rules_directory" {
  description = "Folder with the Prometheus rule files (*.yml), which are used unchanged."
  type        = string

  validation {
    condition     = length(fileset(var.rules_directory, "*.yml")) > 0
    error_message = "rules_directory must contain rule files (*.yml)."
  }
}

variable "retention_days" {
  description = "Days that the workspace keeps metrics."
  type        = number
  default     = 150

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 1095 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days must be a whole number from 1 to 1095."
  }
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps errors of the rules and the alert manager."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "log_retention_days must be a period that CloudWatch Logs offers, up to a year."
  }
}

variable "grafana" {
  description = "Create an Amazon Managed Grafana workspace. Needs IAM Identity Center in the account, and is billed per user."
  type        = bool
  default     = false

  validation {
    condition     = !var.grafana || var.metrics
    error_message = "grafana requires metrics = true: without it there is nothing to show."
  }
}
