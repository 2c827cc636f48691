// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        stage('Review') {
            if (env.BRANCH_NAME == 'main') {
                sh 'claude -p "Summarise the changelog" --allowedTools Read'
            }
        }
    }
}
