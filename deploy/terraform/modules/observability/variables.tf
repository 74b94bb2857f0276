variable "prefix" {
  description = "Begins the names: workspace <prefix>-metrics, topics <prefix>-page and <prefix>-ticket, Grafana <prefix>."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.prefix))
    error_message = "prefix is 2 to 24 lower-case letters, digits and hyphens, and begins with a letter."
  }
}

variable "metrics" {
  description = "Make the workspace that the tasks' collectors write to, with the rules and the alert manager. Without it there are the topics, for CloudWatch's alarms."
  type        = bool
  default     = true
}

variable "rules_directory" {
  description = "Prometheus rule files (*.yml), taken as they are."
  type        = string

  validation {
    condition     = length(fileset(var.rules_directory, "*.yml")) > 0
    error_message = "rules_directory has rule files, *.yml."
  }
}

variable "retention_days" {
  description = "Days that metrics stay."
  type        = number
  default     = 150

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 1095 && floor(var.retention_days) == var.retention_days
    error_message = "retention_days is a whole number of 1 to 1095."
  }
}

variable "log_retention_days" {
  description = "Days that the rules' and the alert manager's own faults stay in the log."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365], var.log_retention_days)
    error_message = "log_retention_days is one of the periods that CloudWatch Logs offers, up to a year."
  }
}

variable "grafana" {
  description = "Make an Amazon Managed Grafana, which wants IAM Identity Center in the account and is paid for by the user."
  type        = bool
  default     = false

  validation {
    condition     = !var.grafana || var.metrics
    error_message = "grafana needs metrics: there is nothing else to show."
  }
}
