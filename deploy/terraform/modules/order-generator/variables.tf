variable "name" {
  description = "Name of the task and of its resources."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,40}$", var.name))
    error_message = "name must have 2 to 41 lower-case letters, digits and hyphens, and start with a letter."
  }
}

variable "network" {
  description = "VPC, private subnets in different zones, and security group of the interface endpoints."
  type = object({
    vpc_id                      = string
    subnet_ids                  = list(string)
    endpoints_security_group_id = string
  })
}

variable "image" {
  description = "Image in ECR, by digest or by an immutable tag."
  type        = string
}

variable "log_retention_days" {
  description = "Days that CloudWatch Logs keeps the logs."
  type        = number
  default     = 30
}

variable "cluster_arn" {
  description = "ARN of the ECS cluster in which the tasks run."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:ecs:[a-z0-9-]+:[0-9]{12}:cluster/", var.cluster_arn))
    error_message = "cluster_arn must be the ARN of an ECS cluster."
  }
}

variable "url" {
  description = "URL of the producer, for `orders produce --url`."
  type        = string

  validation {
    condition     = can(regex("^https://[a-z0-9.-]+$", var.url))
    error_message = "url must be https://<host>."
  }
}

variable "load_balancer_security_group_id" {
  description = "Security group of the producer's load balancer. A generator can reach only this group and AWS."
  type        = string

  validation {
    condition     = startswith(var.load_balancer_security_group_id, "sg-")
    error_message = "load_balancer_security_group_id must be the id of a security group."
  }
}

variable "to_enable_trigger" {
  description = "Start the generators on schedule. If false, the task can still be run by hand."
  type        = bool
  default     = false
}

variable "schedule" {
  description = "Schedule, as an EventBridge Scheduler expression."
  type        = string
  default     = "rate(1 minute)"

  validation {
    condition     = can(regex("^(rate|cron)\\(.+\\)$", var.schedule))
    error_message = "schedule must be rate(…) or cron(…)."
  }
}

variable "task_count" {
  description = "Number of generators that start together."
  type        = number
  default     = 5

  validation {
    condition     = var.task_count >= 1 && var.task_count <= 10
    error_message = "task_count must be from 1 to 10, the most that ECS starts at once."
  }
}

variable "max_run_seconds" {
  description = "MAX_RUN_SEC: how long each generator posts orders, in seconds."
  type        = number
  default     = 60

  validation {
    condition     = var.max_run_seconds >= 1 && var.max_run_seconds <= 3600
    error_message = "max_run_seconds must be from 1 to 3600, because a scheduled task must end by itself."
  }
}
